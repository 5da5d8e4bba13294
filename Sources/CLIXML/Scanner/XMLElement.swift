/// A start tag of XML other than CLIXML.
package struct XMLElement {
    /// The namespace's name; empty where there is none.
    package let namespace: String
    /// The local name.
    package let name: String
    /// Every attribute but the declarations of namespaces, its name as it is written.
    package let attributes: [(name: String, value: String)]
    let tag: Tag
    /// How many namespaces were bound before it.
    let outerBindings: Int

    /// The value of an attribute without a prefix.
    package func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }
}
