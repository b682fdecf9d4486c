; What C++ adds to c.scm. A namespace qualifies and is no symbol; of the member declarations without
; a body only the pure virtual ones are definitions, as in an interface.
(template_declaration) @wrapper
(namespace_definition name: (_) @name) @scope.module

(class_specifier name: (_) @name body: (_)) @definition.class
(alias_declaration name: (_) @name) @definition.type
(concept_definition name: (_) @name) @definition.type
(function_definition declarator: (reference_declarator (function_declarator declarator: (_) @name))) @definition.function
(function_definition declarator: (operator_cast) @name) @definition.function
(field_declaration
  declarator: (function_declarator declarator: (_) @name) default_value: (number_literal)) @definition.method
(field_declaration (storage_class_specifier) declarator: (field_identifier) @name
  default_value: (_)) @definition.constant
(declaration_list (declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.constant)

(call_expression function: (qualified_identifier scope: (_) @qualifier name: (_) @reference.call))
(call_expression function: (template_function name: (identifier) @reference.call))
(new_expression type: (type_identifier) @reference.call)
(new_expression type: (qualified_identifier scope: (_) @qualifier name: (_) @reference.call))
(new_expression type: (template_type name: (_) @reference.call))

(base_class_clause (type_identifier) @reference.inherit)
(base_class_clause (template_type name: (_) @reference.inherit))
(base_class_clause (qualified_identifier scope: (_) @qualifier name: (_) @reference.inherit))

(using_declaration (qualified_identifier scope: (_) @module name: (_) @reference.import))
