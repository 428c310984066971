# Makes matches.csv and matches.json: invented matches with ties between ends, censorings and entries, run through R.
# Rscript matches.R, with the packages survival, cmprsk and jsonlite.
suppressPackageStartupMessages({ library(survival); library(cmprsk); library(jsonlite) })
options(digits = 15)
set.seed(20261128)
n <- 400
size <- round(rnorm(n), 3)
kind <- sample(c("family", "group", "single"), n, TRUE)
stratum <- sample(1:3, n, TRUE)
length <- ceiling(rweibull(n, 1.2, 14 * exp(-.3 * size)))
watched <- ceiling(rexp(n, 1 / 20))
months <- pmin(length, watched)
event <- as.integer(length <= watched)
entry <- pmax(pmin(floor(runif(n, -6, 9)), months - 1), 0)
reason <- ifelse(event == 1, sample(c("moved", "natural", "premature"), n, TRUE, c(.2, .4, .4)), "")
made <- data.frame(months, event, entry, reason, kind, stratum, size)
write.csv(made, "matches.csv", row.names = FALSE)

curve <- function(fit) {
  s <- summary(fit, censored = TRUE)
  list(stratum = if (is.null(s$strata)) rep("", length(s$time)) else sub("kind=", "", as.character(s$strata)), time = s$time, at_risk = s$n.risk,
    events = s$n.event, survival = s$surv, se = s$std.err, lower = s$lower, upper = s$upper)
}
quantiles <- function(fit) {
  q <- quantile(fit, c(.25, .5, .75))
  list(groups = sub("kind=", "", rownames(q$quantile)), quantile = q$quantile, lower = q$lower, upper = q$upper)
}
km <- function(late, type, level) {
  fit <- if (late) survfit(Surv(entry, months, event) ~ kind, made, conf.type = type, conf.int = level)
    else survfit(Surv(months, event) ~ kind, made, conf.type = type, conf.int = level)
  list(late = late, conf_type = type, level = level, curve = curve(fit), quantiles = quantiles(fit))
}
state <- factor(ifelse(made$reason == "", "open", made$reason), c("open", "moved", "natural", "premature"))
incidence <- function(late) {
  rows <- split(seq_len(n), made$kind)
  lapply(rows, function(i) {
    fit <- if (late) survfit(Surv(entry[i], months[i], state[i]) ~ 1, id = i) else survfit(Surv(months[i], state[i]) ~ 1)
    list(time = fit$time, incidence = fit$pstate[, -1], se = fit$std.err[, -1], reasons = fit$states[-1])
  })
}
difference <- function(fit) list(statistic = fit$chisq, observed = if (is.matrix(fit$obs)) rowSums(fit$obs) else fit$obs,
  expected = if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp)
grays <- function(...) {
  tests <- cuminc(made$months, made$reason, made$kind, cencode = "", ...)$Tests
  list(reasons = rownames(tests), statistic = tests[, "stat"], p = tests[, "pv"], df = tests[, "df"])
}
regression <- function(fit) {
  found <- summary(fit)$coefficients
  check <- cox.zph(fit)$table
  list(coefficient = found[, "coef"], se = found[, "se(coef)"], p = found[, "Pr(>|z|)"], log_likelihood = rev(fit$loglik), check = check)
}
columns <- model.matrix(~ size + kind, made)[, -1]
subdistribution <- function(cause) {
  fit <- crr(made$months, made$reason, columns, failcode = cause, cencode = "", gtol = 1e-12, maxiter = 50)
  list(cause = cause, coefficient = fit$coef, se = sqrt(diag(fit$var)), log_likelihood = c(fit$loglik, fit$loglik.null))
}
weighted <- finegray(Surv(months, state) ~ ., data = cbind(made, state, id = seq_len(n))[, c("months", "state", "size", "kind", "id")],
  etype = "premature", id = id)
near <- data.frame(time = c(0.1 + 0.2, 0.3, 0.5, 0.7, 0.1 * 7), event = c(1, 0, 1, 1, 1))
emptied <- data.frame(entry = c(0, 0, 5, 6), time = c(2, 3, 8, 9), event = c(1, 1, 1, 0))
six <- data.frame(time = 1:6, event = c(1, 1, 1, 1, 0, 1), group = rep(c("a", "b"), each = 3), reason = c("x", "x", "y", "y", "x", ""), z = c(1, 0, 0, 1, 0, 1))
out <- list(
  meta = list(R = R.version.string, survival = as.character(packageVersion("survival")), cmprsk = as.character(packageVersion("cmprsk"))),
  kaplan_meier = list(km(FALSE, "log", .95), km(TRUE, "log", .95), km(TRUE, "log-log", .9), km(FALSE, "plain", .95), km(TRUE, "plain", .99)),
  cumulative_incidence = list(early = incidence(FALSE), late = incidence(TRUE)),
  log_rank = list(
    plain = difference(survdiff(Surv(months, event) ~ kind, made)),
    peto = difference(survdiff(Surv(months, event) ~ kind, made, rho = 1)),
    strata = difference(survdiff(Surv(months, event) ~ kind + strata(stratum), made)),
    # survdiff takes no late entry; the score test of the exact partial likelihood is the log-rank test. It is slow: the first 50 rows.
    late = list(statistic = coxph(Surv(entry, months, event) ~ kind, made[1:50, ], ties = "exact")$score)
  ),
  gray = list(plain = grays(), strata = grays(strata = made$stratum), rho = grays(rho = 1)),
  cox = list(
    efron = regression(coxph(Surv(months, event) ~ size + kind, made)),
    late = regression(coxph(Surv(entry, months, event) ~ size + kind, made)),
    late_strata = regression(coxph(Surv(entry, months, event) ~ size + kind + strata(stratum), made)),
    breslow = regression(coxph(Surv(months, event) ~ size + kind, made, ties = "breslow"))
  ),
  fine_gray = lapply(c("moved", "natural", "premature"), subdistribution),
  finegray_of_survival = coef(coxph(Surv(fgstart, fgstop, fgstatus) ~ size + kind, weighted, weights = fgwt, ties = "breslow")),
  near_times = curve(survfit(Surv(time, event) ~ 1, near)),
  emptied = curve(survfit(Surv(entry, time, event) ~ 1, emptied)),
  six = list(
    log_rank = survdiff(Surv(time, event) ~ group, six)$chisq,
    gray = cuminc(six$time, six$reason, six$group, cencode = "")$Tests["x", "pv"],
    fine_gray = crr(six$time, six$reason, six$z, failcode = "x", cencode = "")$coef
  )
)
write_json(out, "matches.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor", dataframe = "columns")
