"""The chance of leaving within the next 90 days, learnt from this installation's past.

grid        which past days teach, which one is tried
design      columns from landmark rows: filled, centred, scaled
logistic    the regression and how well its coefficients are known
trees       boosted trees as they are stored, and what each feature says in them
boosting    how trees are learnt, and how well they are known
learners    either of the two, as something that learns
validation  how strongly to hold the coefficients back; forecasts out of time
calibration the forecasts' slope and level, put right
causes      the part of those who leave because a payment failed
model       what is stored: numbers alone, scored with numpy alone
explaining  what pushed a customer up or down; customers scored like it
training    all of it in order
challenger  whether gradient boosting is clearly better; only then it is used
threads     one thread while learning
drifting    what has moved since training
choosing    which method the events allow, and why
bands       the rate of a score's band, for when there are few events
"""
