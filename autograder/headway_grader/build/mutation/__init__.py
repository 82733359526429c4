"""Checks judged by mutation: the library's answers with one thing wrong, which the cases must tell apart."""
