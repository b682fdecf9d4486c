// Package clamp keeps numbers within limits.
package clamp

// Clamp moves value to the nearer limit where it lies outside of them.
func Clamp(value, low, high int) int {
	return max(max(value, low), high)
}
