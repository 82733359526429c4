"""What earns full marks with stock nbgrader, or takes them from others, does nothing of the kind here.

Each file in attacks/ is an answer to softmax that is wrong and tries to pass all the same, or to do harm.
Behind each attacker in the class comes a classmate with a right answer. The control grades the same attacks
with stock nbgrader: an attack that fails there would show nothing here.
"""
