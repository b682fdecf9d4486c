; Elixir: everything is a call. The clauses of a function are one definition.
(comment) @comment
(unary_operator operator: "@" operand: (call target: (identifier) @_doc)
  (#any-of? @_doc "doc" "typedoc")) @comment
(unary_operator operator: "@" operand: (call target: (identifier) @_spec)
  (#any-of? @_spec "spec" "impl" "deprecated" "tag")) @attribute
(unary_operator operator: "@" operand: (call target: (identifier) @_type)
  (#match? @_type "^(doc|moduledoc|typedoc|spec|type|typep|opaque|callback|macrocallback|impl|tag)$")) @ignore

(call target: (identifier) @_def (arguments . (alias) @name) (do_block) @body
  (#any-of? @_def "defmodule" "defprotocol")) @definition.module
(call target: (identifier) @_def
  (arguments . (alias) @owner (keywords (pair key: (keyword) @_for value: (_) @name))) (do_block) @body
  (#eq? @_def "defimpl") (#match? @_for "^for:")) @definition.module
(call target: (identifier) @_def (arguments . (call target: (identifier) @name)) (do_block) @body
  (#any-of? @_def "def" "defp")) @clause.function
(call target: (identifier) @_def (arguments . (call target: (identifier) @name))
  (#any-of? @_def "def" "defp" "defdelegate")) @clause.function
(call target: (identifier) @_def (arguments . (identifier) @name) (do_block) @body
  (#any-of? @_def "def" "defp")) @clause.function
(call target: (identifier) @_def (arguments . (identifier) @name)
  (#any-of? @_def "def" "defp" "defdelegate")) @clause.function
(call target: (identifier) @_def
  (arguments . (binary_operator left: (call target: (identifier) @name) operator: "when")) (do_block) @body
  (#any-of? @_def "def" "defp")) @clause.function
(call target: (identifier) @_def
  (arguments . (binary_operator left: (call target: (identifier) @name) operator: "when"))
  (#any-of? @_def "def" "defp" "defguard" "defguardp")) @clause.function
(call target: (identifier) @_def
  (arguments . (binary_operator left: (identifier) operator: _ @name right: (identifier)))
  (#any-of? @_def "def" "defp")) @clause.function
(call target: (identifier) @_def (arguments . (call target: (identifier) @name)) (do_block) @body
  (#any-of? @_def "defmacro" "defmacrop")) @clause.macro
(call target: (identifier) @_def (arguments . (call target: (identifier) @name))
  (#any-of? @_def "defmacro" "defmacrop")) @clause.macro
(call target: (identifier) @_def
  (arguments . (binary_operator left: (call target: (identifier) @name) operator: "when")) (do_block) @body
  (#any-of? @_def "defmacro" "defmacrop")) @clause.macro
(call target: (identifier) @_def (arguments . (identifier) @name) (do_block) @body
  (#any-of? @_def "defmacro" "defmacrop")) @clause.macro
(call target: (identifier) @_test (arguments . (string (quoted_content) @name)) (do_block) @body
  (#any-of? @_test "test" "property") (#match? @name " ")) @definition.function
(unary_operator operator: "@" operand: (call target: (identifier) @_type (arguments
  (binary_operator left: [(identifier) @name (call target: (identifier) @name)])))
  (#any-of? @_type "type" "typep" "opaque")) @definition.type
(unary_operator operator: "@" operand: (call target: (identifier) @_type (arguments (binary_operator left: [
  (identifier) @name
  (call target: (identifier) @name)
  (binary_operator left: (call target: (identifier) @name))])))
  (#any-of? @_type "callback" "macrocallback")) @definition.function
(do_block (unary_operator operator: "@" operand: (call target: (identifier) @name (arguments))
  (#not-match? @name
  "^(doc|moduledoc|typedoc|spec|impl|type|typep|opaque|callback|macrocallback|behaviour|deprecated|derive|enforce_keys|before_compile|compile|tag|moduletag|dialyzer|since|optional_callbacks|external_resource|on_definition|after_compile|describetag)$")) @definition.constant)

(do_block (unary_operator operator: "@" operand: (call target: (identifier) @_doc (arguments [(string) (sigil)] @doc))
  (#eq? @_doc "moduledoc")))

(call target: (identifier) @reference.call (#not-match? @reference.call
  "^(def|defp|defmacro|defmacrop|defmodule|defprotocol|defimpl|defdelegate|defguard|defguardp|defstruct|defexception|import|alias|use|require|test|describe|quote|unquote|if|case|cond|unless|for|with|try|receive|fn|raise|super)$"))
(call target: (dot left: (_) @qualifier right: (identifier) @reference.call))

(call target: (identifier) @_use (arguments . (alias) @reference.inherit) (#eq? @_use "use"))
(unary_operator operator: "@" operand: (call target: (identifier) @_behaviour (arguments (alias) @reference.inherit))
  (#eq? @_behaviour "behaviour"))
(call target: (identifier) @_impl (arguments . (alias) @reference.inherit) (#eq? @_impl "defimpl"))

(call target: (identifier) @_import (arguments . (alias) @module .)
  (#any-of? @_import "import" "alias" "require")) @reference.import
(call target: (identifier) @_import (arguments . (alias) @module (keywords (pair value: (list))))
  (#any-of? @_import "import")) @reference.import
(call target: (identifier) @_import
  (arguments . (alias) @module (keywords (pair key: (keyword) @_as value: (alias) @reference.import)))
  (#any-of? @_import "alias" "require") (#match? @_as "^as:"))
(call target: (identifier) @_import
  (arguments . (dot left: (alias) @module right: (tuple (alias) @reference.import)))
  (#eq? @_import "alias"))
