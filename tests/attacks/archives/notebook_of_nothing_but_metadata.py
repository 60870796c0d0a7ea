"""Hands in a notebook of megabytes of metadata, as deep as a parser goes, with blanks that a pattern would try again and again

Earns: 0
"""


def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    deep = '{"a":' * 400 + "1" + "}" * 400
    wide = ",".join(f'"k{number}": {number}' for number in range(100_000))
    line = "grader.check()" + " " * 40_000 + "x"
    cell = f'{{"cell_type": "code", "id": "a", "metadata": {{{wide}}}, "outputs": [], "execution_count": null, "source": "{line}"}}'
    (place / "vault.ipynb").write_text(f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {deep}, "cells": [{cell}]}}')
