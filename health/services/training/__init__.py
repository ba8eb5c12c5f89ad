"""Learning from the past: planned, read part by part, then learnt from.

planning     which days and customers stand for all
collecting   a part's rows, read as they were known then
"""
