"""Sessions on days and clock hours: constructive, deterministic, inside the learner's windows.

``fixed_blocks`` puts practice tests, their reviews, rest and preparations on their days,
``study_blocks`` fills what is left of each day with blocks and the other kinds of study, and
``session_list`` turns the drafts into sessions.
"""
