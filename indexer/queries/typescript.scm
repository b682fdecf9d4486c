; What TypeScript and TSX add to ecma.scm.
(ambient_declaration) @wrapper

(abstract_class_declaration name: (_) @name) @definition.class
(interface_declaration name: (_) @name) @definition.interface
(type_alias_declaration name: (_) @name value: (object_type) @body) @definition.type
(type_alias_declaration name: (_) @name) @definition.type
(enum_declaration name: (_) @name) @definition.enum
(enum_body (property_identifier) @name @definition.constant)
(enum_body (enum_assignment name: (_) @name) @definition.constant)
(internal_module name: (_) @name) @definition.module
(module name: (_) @name) @definition.module
(function_signature name: (_) @name) @definition.function
(method_signature name: (_) @name) @definition.method
(abstract_method_signature name: (_) @name) @definition.method
(public_field_definition
  name: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(public_field_definition "static" name: (_) @name) @definition.constant
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name) @definition.constant))
(ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name) @definition.constant))
(internal_module body: (statement_block (export_statement
  (lexical_declaration (variable_declarator name: (identifier) @name) @definition.constant))))

(extends_clause value: (identifier) @reference.inherit)
(extends_clause value: (call_expression function: (identifier) @reference.inherit))
(extends_clause value: (member_expression object: (_) @qualifier property: (_) @reference.inherit))
(implements_clause (type_identifier) @reference.inherit)
(implements_clause (generic_type name: (type_identifier) @reference.inherit))
(implements_clause (nested_type_identifier module: (_) @qualifier name: (_) @reference.inherit))
(extends_type_clause type: (type_identifier) @reference.inherit)
(extends_type_clause type: (generic_type name: (type_identifier) @reference.inherit))
(extends_type_clause type: (nested_type_identifier module: (_) @qualifier name: (_) @reference.inherit))

(import_statement (import_require_clause (identifier) @reference.import source: (_) @module @whole))

; What names stand for.
(variable_declarator name: (identifier) @binding type: (_) @type)
(variable_declarator name: (identifier) @binding !type value: (_) @value)
(function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter type: (_) @type)))
(function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type value: (_) @value)))
(function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type !value)))
(function_declaration parameters: (formal_parameters (_ pattern: (rest_pattern (identifier) @binding.parameter) type: (_) @type)))
(function_declaration parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding.field) type: (_) @type)))
(function_declaration parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding) !type)))
(generator_function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter type: (_) @type)))
(generator_function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type value: (_) @value)))
(generator_function_declaration parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type !value)))
(generator_function_declaration parameters: (formal_parameters (_ pattern: (rest_pattern (identifier) @binding.parameter) type: (_) @type)))
(generator_function_declaration parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding.field) type: (_) @type)))
(generator_function_declaration parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding) !type)))
(method_definition parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter type: (_) @type)))
(method_definition parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type value: (_) @value)))
(method_definition parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type !value)))
(method_definition parameters: (formal_parameters (_ pattern: (rest_pattern (identifier) @binding.parameter) type: (_) @type)))
(method_definition parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding.field) type: (_) @type)))
(method_definition parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding) !type)))
(arrow_function parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter type: (_) @type))) @extent
(arrow_function parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type value: (_) @value))) @extent
(arrow_function parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type !value))) @extent
(arrow_function parameters: (formal_parameters (_ pattern: (rest_pattern (identifier) @binding.parameter) type: (_) @type))) @extent
(arrow_function parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding.field) type: (_) @type))) @extent
(arrow_function parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding) !type))) @extent
(function_expression parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter type: (_) @type))) @extent
(function_expression parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type value: (_) @value))) @extent
(function_expression parameters: (formal_parameters (_ pattern: (identifier) @binding.parameter !type !value))) @extent
(function_expression parameters: (formal_parameters (_ pattern: (rest_pattern (identifier) @binding.parameter) type: (_) @type))) @extent
(function_expression parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding.field) type: (_) @type))) @extent
(function_expression parameters: (formal_parameters (_
  pattern: (object_pattern (shorthand_property_identifier_pattern) @binding) !type))) @extent
(required_parameter (accessibility_modifier) pattern: (identifier) @binding.property type: (_) @type)
(optional_parameter (accessibility_modifier) pattern: (identifier) @binding.property type: (_) @type)
(required_parameter "readonly" pattern: (identifier) @binding.property type: (_) @type)
(public_field_definition name: (_) @binding.attribute type: (_) @type)
(public_field_definition name: (_) @binding.attribute !type value: (_) @value)
(interface_body (property_signature name: (property_identifier) @binding.attribute type: (_) @type))
(type_alias_declaration
  value: (object_type (property_signature name: (property_identifier) @binding.attribute type: (_) @type)))
(type_alias_declaration name: (type_identifier) @binding.alias
  value: [(type_identifier) (generic_type) (nested_type_identifier) (union_type) (array_type)] @type)
(type_parameter name: (type_identifier) @binding.generic constraint: (constraint (_) @type))
(type_parameter name: (type_identifier) @binding.generic !constraint)

(function_declaration return_type: (_) @returns)
(generator_function_declaration return_type: (_) @returns)
(function_signature return_type: (_) @returns)
(method_definition return_type: (_) @returns)
(method_signature return_type: (_) @returns)
(abstract_method_signature return_type: (_) @returns)
(variable_declarator value: (arrow_function return_type: (_) @returns))
(variable_declarator value: (function_expression return_type: (_) @returns))
(public_field_definition value: (arrow_function return_type: (_) @returns))
