package import YAML

/// A variable's value, with where it stands.
package struct InventoryVariable: Sendable {
    package let node: YAMLNode
    let source: String

    var place: InventoryPlace { InventoryPlace(source: source, line: node.line) }
}

package typealias InventoryVariables = [String: InventoryVariable]

/// What Ansible calls things.
enum AnsibleNames {
    /// A group of all hosts, and a group of those that are in no other; both are always there.
    static let all = ExactText("all")
    static let ungrouped = ExactText("ungrouped")
    static let priority = "ansible_group_priority"
    static let port = "ansible_port"

    /// How a file that ansible-vault has encrypted begins.
    static let vaultMark = Array("$ANSIBLE_VAULT".utf8)

    /// Tags and objects by which Ansible's own values are marked.
    static let dialect = YAMLDialect(
        tags: ["!unsafe": .plain, "!vault": .encrypted, "!vault-encrypted": .encrypted],
        wrappers: ["__ansible_unsafe": .plain, "__ansible_vault": .encrypted]
    )

    /// What Ansible sets itself, whatever an inventory says (constants.py, INTERNAL_STATIC_VARS).
    static let ownVariables: Set<String> = [
        "ansible_async_path", "ansible_collection_name", "ansible_config_file", "ansible_dependent_role_names",
        "ansible_diff_mode", "ansible_facts", "ansible_forks", "ansible_inventory_sources", "ansible_limit",
        "ansible_play_batch", "ansible_play_hosts", "ansible_play_hosts_all", "ansible_play_role_names",
        "ansible_playbook_python", "ansible_role_name", "ansible_role_names", "ansible_run_tags", "ansible_skip_tags",
        "ansible_verbosity", "ansible_version", "inventory_dir", "inventory_file", "inventory_hostname",
        "inventory_hostname_short", "groups", "group_names", "hostvars", "playbook_dir", "play_hosts", "role_name",
        "role_names", "role_path", "role_uuid",
    ]
}
