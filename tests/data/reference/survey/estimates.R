suppressMessages(library(survey)); options(digits=15)
# Designs: 12 respondents, a yes/no answer, a number, two grouping variables.
d<-data.frame(y=c(1,0,1,1,0,1,0,0,1,1,0,1), x=c(3,8,2.5,7,4,9,1,6,5,2,10,4), g=rep(c("a","b","c"),4), h=c("s","s","l","l","l","s","s","l","s","l","l","s"))
plain<-rep(1,12)*40/12
unequal<-c(2,5,1,3,4,2,6,3,2,5,4,3)
zero<-c(2,0,1,3,4,0,6,3,2,5,4,3)
extreme<-c(.01,500,1,3,4,2,6,3,2,5,4,3)
pg<-data.frame(g=c("a","b","c"),Freq=c(10,18,12)); ph<-data.frame(h=c("l","s"),Freq=c(25,15))
show<-function(name,s){
 t<-svytotal(~y+x,s); m<-svymean(~y+x,s)
 cat(sprintf('  {"design": "%s", "weights": [%s], "total": [%.12g, %.12g], "mean": [%.12g, %.12g], "se_total": [%.12g, %.12g], "se_mean": [%.12g, %.12g]}',
  name,paste(sprintf("%.15g",weights(s)),collapse=", "),coef(t)[1],coef(t)[2],coef(m)[1],coef(m)[2],SE(t)[1],SE(t)[2],SE(m)[1],SE(m)[2]))
}
designs<-list()
for(f in c(FALSE,TRUE)){
 mk<-function(w) if(f) svydesign(~1,weights=w,fpc=rep(40,12),data=d) else svydesign(~1,weights=w,data=d)
 tag<-if(f) "frame" else "no frame"
 designs[[paste("plain",tag)]]<-mk(plain)
 designs[[paste("unequal",tag)]]<-mk(unequal)
 designs[[paste("zero",tag)]]<-mk(zero)
 designs[[paste("extreme",tag)]]<-mk(extreme)
 designs[[paste("poststratified",tag)]]<-postStratify(mk(plain),~g,pg)
 designs[[paste("raked",tag)]]<-rake(mk(plain),list(~g,~h),list(pg,ph),control=list(maxit=200,epsilon=1e-13))
 designs[[paste("raked unequal",tag)]]<-rake(mk(unequal),list(~g,~h),list(pg,ph),control=list(maxit=200,epsilon=1e-13))
 designs[[paste("greg",tag)]]<-calibrate(mk(plain),~x,c(`(Intercept)`=40,x=230))
}
cat('{\n "program": "R survey 4.1.1 (R 4.2.2), svytotal and svymean; script estimates.R",\n "y": [',paste(d$y,collapse=", "),'],\n "x": [',paste(d$x,collapse=", "),'],\n "g": [',paste0('"',d$g,'"',collapse=", "),'],\n "h": [',paste0('"',d$h,'"',collapse=", "),'],\n "cases": [\n',sep="")
first<-TRUE
for(n in names(designs)){ if(!first) cat(",\n"); first<-FALSE; show(n,designs[[n]])}
cat("\n ],\n")
s<-subset(designs[["raked frame"]],x>3); m<-svymean(~y,s); t<-svytotal(~y,s)
cat(sprintf(' "domain": {"of": "raked frame", "where": "x > 3", "mean": %.12g, "se_mean": %.12g, "total": %.12g, "se_total": %.12g}\n}\n',coef(m),SE(m),coef(t),SE(t)))
