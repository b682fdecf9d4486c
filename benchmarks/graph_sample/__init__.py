"""What calls mean in Go, TypeScript, Java and Rust by their compilers, and by the graph."""
