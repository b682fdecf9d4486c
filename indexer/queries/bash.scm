; Bash and its kin.
(comment) @comment
(declaration_command) @wrapper

(function_definition name: (_) @name) @definition.function
(program (variable_assignment name: (variable_name) @name) @definition.constant)
(program (declaration_command (variable_assignment name: (variable_name) @name) @definition.constant))

(command name: (command_name (word) @reference.call) (#not-match? @reference.call "^(source|[.]|alias)$"))

(command name: (command_name (word) @_source) . argument: (_) @module
  (#any-of? @_source "source" ".")) @reference.import
