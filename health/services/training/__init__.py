"""Learning from the past: planned, read part by part, then learnt from.

planning     which days and customers stand for all
collecting   a part's rows, read as they were known then
parts        what is learnt in one pass: rates, lifetimes, growth, tickets
values       what a version says of twelve months, and what one of a year ago would have
buyers       how customers without a subscription buy
learning     all of it together: what a version holds
comparing    a new version beside the one before it
publishing   which version is in use
saving       a version and its checks, in one transaction
working      the job: slices, leases, killed workers
starting     when it is time, and waiting for the end in one's own process
calls        how many customers can be called a day
"""
