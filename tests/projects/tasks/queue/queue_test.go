package queue

import "testing"

func TestNext(t *testing.T) {
	queue := Queue{}
	queue.Join("Ann")
	queue.Join("Bo")
	if got := queue.Next(); got != "Ann" {
		t.Errorf("got %s", got)
	}
}
