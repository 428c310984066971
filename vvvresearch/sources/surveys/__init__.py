"""Surveys from any file: answers under their questionnaire, drafts, published margins."""
