package greet

import "testing"

var ann = Guest{"Ann", "Lee"}

func TestBadge(t *testing.T) {
	if got := Badge(ann); got != "[Ann Lee]" {
		t.Errorf("got %s", got)
	}
}

func TestLetter(t *testing.T) {
	got, err := Letter(ann)
	if err != nil || got != "Welcome, Ann Lee!" {
		t.Errorf("got %q, %v", got, err)
	}
}
