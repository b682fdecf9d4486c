; Rust. An impl block is a scope, not a definition of its own.
(line_comment) @comment
(block_comment) @comment
(attribute_item) @attribute

(impl_item type: [
  (type_identifier) @name
  (scoped_type_identifier name: (_) @name)
  (generic_type type: (type_identifier) @name)
  (generic_type type: (scoped_type_identifier name: (_) @name))
  (reference_type type: (type_identifier) @name)
  (reference_type type: (generic_type type: (type_identifier) @name))
  (primitive_type) @name
  (dynamic_type trait: (type_identifier) @name)
]) @scope

(struct_item name: (_) @name) @definition.struct
(union_item name: (_) @name) @definition.struct
(enum_item name: (_) @name) @definition.enum
(trait_item name: (_) @name) @definition.trait
(mod_item name: (_) @name body: (_)) @definition.module
(function_item name: (_) @name) @definition.function
(function_signature_item name: (_) @name) @definition.function
(macro_definition name: (_) @name) @definition.macro
(type_item name: (_) @name) @definition.type
(associated_type name: (_) @name) @definition.type
(enum_variant name: (_) @name) @definition.constant
(source_file (const_item name: (_) @name) @definition.constant)
(declaration_list (const_item name: (_) @name) @definition.constant)
(source_file (static_item name: (_) @name) @definition.constant)
(declaration_list (static_item name: (_) @name) @definition.constant)
; What a macro is handed to define: bitflags!, cfg_rt!, pin_project!.
(macro_invocation (token_tree "struct" . (identifier) @name)) @definition.struct
(macro_invocation (token_tree "enum" . (identifier) @name)) @definition.enum
(macro_invocation (token_tree "trait" . (identifier) @name)) @definition.trait
(macro_invocation (token_tree "fn" . (identifier) @name)) @definition.function

(call_expression function: (identifier) @reference.call)
(call_expression function: (scoped_identifier path: (_) @qualifier name: (_) @reference.call))
(call_expression function: (field_expression value: (_) @qualifier field: (field_identifier) @reference.call))
(call_expression function: (generic_function function: (identifier) @reference.call))
(call_expression function: (generic_function
  function: (scoped_identifier path: (_) @qualifier name: (_) @reference.call)))
(call_expression function: (generic_function
  function: (field_expression value: (_) @qualifier field: (field_identifier) @reference.call)))
(struct_expression name: (type_identifier) @reference.call)
(macro_invocation macro: (identifier) @reference.call)
(macro_invocation macro: (scoped_identifier path: (_) @qualifier name: (_) @reference.call))

(impl_item trait: (type_identifier) @reference.inherit)
(impl_item trait: (scoped_type_identifier path: (_) @qualifier name: (_) @reference.inherit))
(impl_item trait: (generic_type type: (type_identifier) @reference.inherit))
(impl_item trait: (generic_type
  type: (scoped_type_identifier path: (_) @qualifier name: (_) @reference.inherit)))
(trait_item bounds: (trait_bounds (type_identifier) @reference.inherit))
(trait_item bounds: (trait_bounds (scoped_type_identifier path: (_) @qualifier name: (_) @reference.inherit)))
(trait_item bounds: (trait_bounds (generic_type type: (type_identifier) @reference.inherit)))

; use a::b, a::{b}, a::{b::c}, a::{b::{c}}: the paths on the way are joined.
(use_declaration argument: (identifier) @reference.import)
(use_declaration argument: (scoped_identifier path: (_) @module name: (_) @reference.import))
(use_declaration argument: (use_wildcard (_) @module) @reference.import)
(use_declaration argument: (use_as_clause
  path: (scoped_identifier path: (_) @module name: (_) @original) alias: (_) @reference.import))
(use_declaration argument: (scoped_use_list path: (_) @module list: (use_list [
  (identifier) @reference.import
  (use_as_clause path: (identifier) @original alias: (_) @reference.import)
  (scoped_identifier path: (_) @module name: (_) @reference.import)
  (use_as_clause
    path: (scoped_identifier path: (_) @module name: (_) @original) alias: (_) @reference.import)
  (scoped_use_list path: (_) @module list: (use_list [
    (identifier) @reference.import
    (use_as_clause path: (identifier) @original alias: (_) @reference.import)
    (scoped_identifier path: (_) @module name: (_) @reference.import)]))])))
(use_declaration argument: (scoped_use_list path: (_) @module list: (use_list (self))) @reference.import)
