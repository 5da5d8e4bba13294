import NodeSets
import Testing

struct NodeSelectionTests {
    private func select(_ included: [String], _ excluded: [String] = []) throws(NodeSetError) -> String {
        var reader = NodeSetReader()
        return try NodeSelection.nodes(included: included, excluded: excluded, reader: &reader).folded
    }

    private func refusal(_ included: [String], _ excluded: [String] = []) -> NodeSetError.Code? {
        do throws(NodeSetError) {
            _ = try select(included, excluded)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("What is excluded is taken from all that is selected")
    func exclusion() throws {
        #expect(try select(["n1,n2", "n[4-6]"], ["n2", "n5,n9"]) == "n[1,4,6]")
        #expect(try select(["n[1-3]"], [""]) == "n[1-3]")
    }

    @Test("A selection without a host is an error, and so is one that is blank")
    func empty() {
        #expect(refusal([""]) == .empty)
        #expect(refusal(["n1", " "]) == .empty)
        #expect(refusal(["n1"], ["n[1-3]"]) == .empty)
        #expect(refusal(["a1&b1"]) == .empty)
    }

    @Test("A host that is excluded by one name and selected by another is not connected to")
    func halfExclusion() throws {
        #expect(refusal(["bob@web[1-3]:2222"], ["web2"]) == .halfExcluded)
        #expect(refusal(["web[1-3]"], ["bob@web2"]) == .halfExcluded)
        #expect(refusal(["WEB1,web2"], ["web1"]) == .halfExcluded)
        #expect(try select(["bob@web[1-3]:2222"], ["bob@web2:2222"]) == "bob@web[1,3]:2222")
        #expect(try select(["bob@web[1-3]"], ["eve@web2"]) == "bob@web[1-3]")
        #expect(try select(["2001:db8::[1-3]"], ["2001:db8::2"]) == "2001:db8::[1,3]")
        #expect(refusal(["node[-5],node1"], ["node-5"]) == .writtenTwice)
    }
}
