; Scala. An extension is a scope; a package is none.
(comment) @comment
(block_comment) @comment
(annotation) @attribute

(extension_definition parameters: (parameters (parameter type: (_) @name))) @scope
(given_definition !name return_type: (_) @name) @scope

(class_definition name: (_) @name) @definition.class
(object_definition name: (_) @name) @definition.class
(package_object name: (_) @name) @definition.module
(trait_definition name: (_) @name) @definition.trait
(enum_definition name: (_) @name) @definition.enum
(given_definition name: (_) @name) @definition.constant
(type_definition name: (_) @name) @definition.type
(simple_enum_case name: (_) @name) @definition.constant
(full_enum_case name: (_) @name) @definition.constant
(function_definition name: (_) @name) @definition.function
(function_declaration name: (_) @name) @definition.function
(compilation_unit (val_definition pattern: (identifier) @name) @definition.constant)
(object_definition body: (template_body (val_definition pattern: (identifier) @name) @definition.constant))
(package_object body: (template_body (val_definition pattern: (identifier) @name) @definition.constant))
(template_body (val_definition (modifiers "implicit") pattern: (identifier) @name) @definition.constant)

(call_expression function: (identifier) @reference.call)
(call_expression function: (field_expression value: (_) @qualifier field: (_) @reference.call))
(call_expression function: (generic_function function: (identifier) @reference.call))
(call_expression function: (generic_function
  function: (field_expression value: (_) @qualifier field: (_) @reference.call)))
(instance_expression (type_identifier) @reference.call)
(instance_expression (generic_type type: (type_identifier) @reference.call))

(extends_clause type: (type_identifier) @reference.inherit)
(extends_clause type: (generic_type type: (type_identifier) @reference.inherit))
(extends_clause type: (stable_type_identifier (_) @qualifier (type_identifier) @reference.inherit .))

(import_declaration (identifier) @reference.import .) @module
(import_declaration (namespace_selectors (identifier) @reference.import)) @module
(import_declaration (namespace_selectors
  (arrow_renamed_identifier name: (_) @original alias: (_) @reference.import))) @module
(import_declaration (as_renamed_identifier name: (_) @original alias: (_) @reference.import)) @module
(import_declaration (namespace_wildcard) @reference.import) @module
