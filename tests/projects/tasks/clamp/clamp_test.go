package clamp

import "testing"

func expect(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestAboveTheLimits(t *testing.T) {
	expect(t, Clamp(15, 0, 10), 10)
}

func TestTheSmallerOfTwo(t *testing.T) {
	expect(t, min(3, 4), 3)
}
