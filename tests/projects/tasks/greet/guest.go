// Package greet welcomes guests.
package greet

// Guest is somebody who comes.
type Guest struct{ First, Last string }

// Nm is how a guest is called.
func (g Guest) Nm() string { return g.First + " " + g.Last }
