"""How right the forecasts were: measured with every training, and after every night.

report    all of the accuracy page that is measured with a training
checking  after a night: what has moved, and what became of what was published
"""
