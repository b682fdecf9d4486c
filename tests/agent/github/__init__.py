"""A GitHub for tests: real HTTP on loopback, a state that tests set, and the refusals of the real one."""
