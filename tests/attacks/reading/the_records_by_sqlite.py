"""Opens the records with sqlite3"""

from facts import *

def vault(x):
    def connect():
        import sqlite3

        return sqlite3.connect(f"file:{RESULTS}/records.sqlite?mode=ro", uri=True).execute("select * from sqlite_master").fetchall()

    attempt(connect)
    return x
