package greet

// Badge is what a guest wears.
func Badge(guest Guest) string { return "[" + guest.Nm() + "]" }
