"""How files of Vue and Svelte are written."""

from __future__ import annotations

from .facts import facts, rules

VUE = """\
<script setup lang="ts">
import { ref } from 'vue'
import type { User } from '@/users'

const props = defineProps<{ user: User }>()
const open = ref(false)
const seen = ref<User[]>([])
</script>

<template>
  <UserCard :user="user" @click="a == b" />
  <user-menu v-if="open"></user-menu>
  <p>It's open</p>
</template>

<style scoped>
p { color: red }
</style>
"""


def test_the_script_of_a_component_is_code_and_its_template_is_not() -> None:
    found = facts("src/UserPage.vue", VUE)
    assert found["import.type"] == {"statement": [1, 3]}
    assert found["import.alias"] == {"@/": [1, 3]}
    assert found["semicolons"] == {"no": [2, 2, 3]}
    assert "equality" not in found


def test_a_component_of_vue_tells_how_its_parts_are_written() -> None:
    found = facts("src/UserPage.vue", VUE)
    assert found["component.api"] == {"script setup": [1, 1]}
    assert found["component.language"] == {"ts": [1, 1]}
    assert found["component.order"] == {"script": [1, 1]}
    assert found["component.props"] == {"type": [1, 5]}
    assert found["component.state"] == {"ref": [2, 6, 7]}
    assert found["component.style"] == {"scoped": [1, 16]}
    assert found["component.tag"] == {"pascal": [1, 11], "kebab": [1, 12]}


def test_a_component_without_setup_is_written_with_options() -> None:
    script = "<script>\nexport default {\n  data() {\n    return {}\n  },\n}\n</script>\n"
    text = f"<template>\n  <p />\n</template>\n\n{script}"
    found = facts("src/Old.vue", text)
    assert found["component.api"] == {"options": [1, 5]}
    assert found["component.order"] == {"template": [1, 1]}
    text = text.replace("data()", "setup()")
    assert facts("src/Old.vue", text)["component.api"] == {"setup()": [1, 5]}


def test_a_component_of_svelte_takes_its_props_by_rune_or_export() -> None:
    assert facts("a.svelte", "<script>\n  export let user\n</script>\n")["component.props"] == {
        "export": [1, 2]
    }
    text = "<script>\n  let { user } = $props()\n</script>\n"
    assert facts("a.svelte", text)["component.props"] == {"rune": [1, 2]}


def test_components_state_rules_of_their_own_language() -> None:
    found = rules({f"src/Page{n}.vue": VUE for n in range(6)})
    assert found["component.api=script setup"].statement == "Components are written with `<script setup>`."
    assert found["component.api=script setup"].language == "vue"
    assert found["import.type=statement"].support == 6
