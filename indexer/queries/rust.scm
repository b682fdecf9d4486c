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
(use_declaration argument: (scoped_use_list path: (_) @module list: (use_list
  (use_wildcard) @reference.import (#eq? @reference.import "*"))))
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

; What names stand for. A variable keeps the type it is declared with.
(function_item parameters: (parameters (parameter pattern: (identifier) @binding.parameter type: (_) @type)))
(closure_expression parameters: (closure_parameters (identifier) @binding.parameter)) @extent
(closure_expression parameters: (closure_parameters
  (parameter pattern: (identifier) @binding.parameter type: (_) @type))) @extent
(let_declaration pattern: (identifier) @binding type: (_) @type)
(let_declaration pattern: (identifier) @binding !type value: (_) @value)
(let_declaration pattern: (identifier) @binding !type !value)
(let_declaration pattern: (tuple_pattern (identifier) @binding))
(let_declaration
  pattern: (tuple_struct_pattern type: (identifier) @_some . (identifier) @binding.element .) value: (_) @value
  (#any-of? @_some "Some" "Ok"))
(let_condition
  pattern: (tuple_struct_pattern type: (identifier) @_some . (identifier) @binding.element .) value: (_) @value
  (#any-of? @_some "Some" "Ok"))
(match_expression value: (_) @value body: (match_block (match_arm
  pattern: (match_pattern (tuple_struct_pattern type: (identifier) @_some . (identifier) @binding.element .))) @extent)
  (#any-of? @_some "Some" "Ok"))
(match_arm pattern: (match_pattern (identifier) @binding)) @extent
(match_arm pattern: (match_pattern (tuple_struct_pattern type: (scoped_identifier) (identifier) @binding))) @extent
(for_expression pattern: (identifier) @binding.element value: (_) @value) @extent
(for_expression pattern: (tuple_pattern (identifier) @binding)) @extent
(struct_item body: (field_declaration_list (field_declaration
  name: (field_identifier) @binding.attribute type: (_) @type)))
(struct_item body: (ordered_field_declaration_list . (visibility_modifier)? . type: (_) @binding.first @type))
(const_item name: (identifier) @binding type: (_) @type)
(static_item name: (identifier) @binding type: (_) @type)
(type_item name: (type_identifier) @binding.alias type: (_) @type)
(type_parameter name: (type_identifier) @binding.generic bounds: (trait_bounds . (_) @type))
(type_parameter name: (type_identifier) @binding.generic !bounds)
(where_predicate left: (type_identifier) @binding.generic bounds: (trait_bounds . (_) @type))
(function_item return_type: (_) @returns)
(function_signature_item return_type: (_) @returns)
