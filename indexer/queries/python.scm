; Python. A decorated definition begins at its first decorator.
(comment) @comment
(decorator) @attribute
(decorated_definition) @wrapper

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(type_alias_statement left: (type) @name) @definition.type
(module (expression_statement (assignment left: (identifier) @name) @definition.constant))
(class_definition
  body: (block (expression_statement (assignment left: (identifier) @name) @definition.constant.capitals)))

(class_definition body: (block . (expression_statement (string) @doc)))
(function_definition body: (block . (expression_statement (string) @doc)))

(call function: (identifier) @reference.call)
(call function: (attribute) @reference.call.member)
(decorator (identifier) @reference.call)
(decorator (attribute) @reference.call.member)

(class_definition superclasses: (argument_list (identifier) @reference.inherit))
(class_definition superclasses: (argument_list (attribute) @reference.inherit.member))
(class_definition superclasses: (argument_list (subscript value: (identifier) @reference.inherit)))
(class_definition superclasses: (argument_list
  (subscript value: (attribute object: (_) @qualifier attribute: (identifier) @reference.inherit))))

(import_statement name: (dotted_name . (identifier) @reference.import) @module)
(import_statement name: (aliased_import name: (dotted_name) @module @whole alias: (identifier) @reference.import))
(import_from_statement module_name: (_) @module name: (dotted_name) @reference.import)
(import_from_statement module_name: (_) @module
  name: (aliased_import name: (dotted_name) @original alias: (identifier) @reference.import))
(import_from_statement module_name: (_) @module (wildcard_import) @reference.import)

; What names stand for. Parameters first: the first of a method is its object.
(parameters (identifier) @binding.parameter)
(parameters (typed_parameter . (identifier) @binding.parameter type: (_) @type))
(parameters (default_parameter name: (identifier) @binding.parameter))
(parameters (typed_default_parameter name: (identifier) @binding.parameter type: (_) @type))
(lambda parameters: (lambda_parameters (identifier) @binding)) @extent

(assignment left: (identifier) @binding !type right: (_) @value)
(assignment left: (identifier) @binding type: (_) @type !right)
(assignment left: (identifier) @binding type: (_) @type right: (_) @value)
(assignment left: (attribute object: (identifier)) @binding !type right: (_) @value)
(assignment left: (attribute object: (identifier)) @binding type: (_) @type)
(assignment left: (pattern_list (identifier) @binding))
(assignment left: (tuple_pattern (identifier) @binding))
(named_expression name: (identifier) @binding value: (_) @value)
(for_statement left: (identifier) @binding.item right: (_) @value)
(for_statement left: (pattern_list (identifier) @binding))
(with_item value: (as_pattern (_) @value alias: (as_pattern_target (identifier) @binding.entered)))
(except_clause value: (as_pattern (_) @type alias: (as_pattern_target (identifier) @binding)))
(_ (for_in_clause left: (identifier) @binding.item right: (_) @value)) @extent
(_ (for_in_clause left: (pattern_list (identifier) @binding))) @extent

(function_definition return_type: (_) @returns)
(return_statement [(call) (attribute) (identifier) (await) (conditional_expression) (boolean_operator)] @returned)
(yield [(call) (attribute) (identifier)] @returned.yielded)
