"""How good a forecast was: figures with their ranges, measured on what happened.

resampling   draws weights for customers and puts a range around any figure
ranking      area under the curve, average precision: are leavers ranked above stayers?
probability  Brier score, skill, calibration slope and intercept
curve        calibration curve, expected calibration error and its noise floor
calling      lift, precision, recall and revenue among those a person can call; lead time
report       all of it for one forecast, differences between two, the verdict
drift        what has moved since a model was trained
"""
