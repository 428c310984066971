"""How, why and under which circumstances it works: causal maps, configurations, QCA, moderators."""
