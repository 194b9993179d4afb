"""What the command line keeps between two questions, in one folder of the learner's own.

Each kind of thing kept is one module and one file: ``cards`` (SQLite, with pictures and sounds
beside it), ``forecasts`` (JSON lines: what was shown, and what came). ``home`` says where the
folder is. Nothing here is imported by ``brief``.
"""
