"""The tables everything else speaks: schemas, codebook, questionnaire, municipalities."""
