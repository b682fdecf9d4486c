; Go. A method's receiver type is its @owner.
(comment) @comment
(type_declaration . (type_spec) .) @wrapper
(const_declaration . (const_spec) .) @wrapper
(var_declaration . (var_spec) .) @wrapper

(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (generic_type type: (type_identifier) @owner)
    (pointer_type (type_identifier) @owner)
    (pointer_type (generic_type type: (type_identifier) @owner))
  ]))
  name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type "{" @body)) @definition.interface
(type_spec name: (type_identifier) @name) @definition.type
(type_alias name: (type_identifier) @name) @definition.type
(method_elem name: (field_identifier) @name) @definition.method
(source_file (const_declaration (const_spec name: (identifier) @name) @definition.constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.constant))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.constant)))

(call_expression function: (identifier) @reference.call)
(call_expression function: (selector_expression) @reference.call.member)
(call_expression function: (type_instantiation_expression type: (type_identifier) @reference.call))
(composite_literal type: (type_identifier) @reference.call)
(composite_literal type: (qualified_type package: (_) @qualifier name: (type_identifier) @reference.call))

(struct_type (field_declaration_list (field_declaration !name type: (type_identifier) @reference.inherit)))
(struct_type (field_declaration_list (field_declaration !name
  type: (qualified_type package: (_) @qualifier name: (type_identifier) @reference.inherit))))
(interface_type (type_elem (type_identifier) @reference.inherit))
(interface_type (type_elem (qualified_type package: (_) @qualifier name: (type_identifier) @reference.inherit)))

(import_spec !name path: (_) @module) @reference.import
(import_spec name: [(package_identifier) (blank_identifier)] @reference.import path: (_) @module @whole)
(import_spec name: (dot) @reference.import path: (_) @module)

; What names stand for. A variable keeps the type it is declared with.
(function_declaration parameters: (parameter_list (parameter_declaration
  name: (identifier) @binding.parameter type: (_) @type)))
(function_declaration parameters: (parameter_list (variadic_parameter_declaration
  name: (identifier) @binding.each type: (_) @type)))
(method_declaration receiver: (parameter_list (parameter_declaration
  name: (identifier) @binding.parameter type: (_) @type)))
(method_declaration parameters: (parameter_list (parameter_declaration
  name: (identifier) @binding.parameter type: (_) @type)))
(method_declaration parameters: (parameter_list (variadic_parameter_declaration
  name: (identifier) @binding.each type: (_) @type)))
(func_literal parameters: (parameter_list (parameter_declaration
  name: (identifier) @binding.parameter type: (_) @type))) @extent
(func_literal parameters: (parameter_list (variadic_parameter_declaration
  name: (identifier) @binding.each type: (_) @type))) @extent
(function_declaration result: (parameter_list (parameter_declaration name: (identifier) @binding type: (_) @type)))
(method_declaration result: (parameter_list (parameter_declaration name: (identifier) @binding type: (_) @type)))
(type_parameter_declaration name: (identifier) @binding.generic)
(package_clause (package_identifier) @binding.package @value)

(short_var_declaration left: (expression_list . (identifier) @binding) right: (expression_list . (_) @value))
(short_var_declaration
  left: (expression_list . (_) . (identifier) @binding) right: (expression_list . (_) . (_) @value))
(short_var_declaration
  left: (expression_list . (_) . (identifier) @binding.second) right: (expression_list . (_) @value .))
(short_var_declaration left: (expression_list (_) (_) . (identifier) @binding) right: (expression_list . (_) .))
(var_spec name: (identifier) @binding type: (_) @type)
(var_spec . name: (identifier) @binding !type value: (expression_list . (_) @value))
(range_clause left: (expression_list . (_) . (identifier) @binding.element) right: (_) @value)
(range_clause left: (expression_list . (identifier) @binding))
(type_switch_statement alias: (expression_list . (identifier) @binding) value: (_) @value) @extent
(type_switch_statement alias: (expression_list . (identifier) @binding)
  (type_case . type: (_) @type . (statement_list)) @extent)

(type_spec type: (struct_type (field_declaration_list (field_declaration
  name: (field_identifier) @binding type: (_) @type))))
(type_spec type: (struct_type (field_declaration_list (field_declaration
  !name type: (type_identifier) @binding @type))))
(type_spec type: (struct_type (field_declaration_list (field_declaration
  !name type: (qualified_type name: (_) @binding) @type))))
(type_spec type: (struct_type (field_declaration_list (field_declaration
  !name type: (generic_type type: (type_identifier) @binding) @type))))
(type_spec name: (type_identifier) @binding.alias
  type: [(slice_type) (array_type) (map_type) (channel_type) (type_identifier) (qualified_type)] @type)
(type_alias name: (type_identifier) @binding.alias type: (_) @type)

(function_declaration result: (_) @returns)
(method_declaration result: (_) @returns)
(method_elem result: (_) @returns)
