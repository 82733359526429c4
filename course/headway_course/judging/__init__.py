"""Is it right, by which mistake is it wrong, and does it loop? For the learner and for the judge."""
