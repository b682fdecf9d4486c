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
(call_expression function: (selector_expression operand: (_) @qualifier field: (field_identifier) @reference.call))
(call_expression function: (type_instantiation_expression type: (type_identifier) @reference.call))
(composite_literal type: (type_identifier) @reference.call)
(composite_literal type: (qualified_type package: (_) @qualifier name: (type_identifier) @reference.call))

(struct_type (field_declaration_list (field_declaration !name type: (type_identifier) @reference.inherit)))
(struct_type (field_declaration_list (field_declaration !name
  type: (qualified_type package: (_) @qualifier name: (type_identifier) @reference.inherit))))
(interface_type (type_elem (type_identifier) @reference.inherit))
(interface_type (type_elem (qualified_type package: (_) @qualifier name: (type_identifier) @reference.inherit)))

(import_spec !name path: (_) @module) @reference.import
(import_spec name: (_) @reference.import path: (_) @module)
