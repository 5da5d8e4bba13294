import CLIXML
import Testing

struct ReferenceTests {
    private func decoded(_ xml: String) throws -> PSValue { try decodeCLIXML(xml.bytes) }

    private func bag(_ properties: (String, PSValue)...) -> PSValue { .properties(properties) }

    @Test("A reference is the object once more")
    func aRefIsTheObjectAgain() throws {
        let value = try decoded(
            #"<Obj RefId="0"><MS><Obj N="a" RefId="5"><MS><I32 N="x">1</I32></MS></Obj><Ref N="b" RefId="5" /></MS></Obj>"#
        )
        let inner = bag(("x", .int32(1)))
        #expect(value == bag(("a", inner), ("b", inner)))
        #expect(
            encodeCLIXML(value)
                == #"<Obj RefId="0"><MS><Obj N="a" RefId="1"><MS><I32 N="x">1</I32></MS></Obj><Ref N="b" RefId="1" /></MS></Obj>"#
                .bytes
        )
    }

    @Test("An equal object is not written as a reference")
    func anEqualObjectIsNotTheSame() {
        let value = bag(("a", bag(("x", .null))), ("b", bag(("x", .null))))
        #expect(
            encodeCLIXML(value)
                == #"<Obj RefId="0"><MS><Obj N="a" RefId="1"><MS><Nil N="x" /></MS></Obj><Obj N="b" RefId="2"><MS><Nil N="x" /></MS></Obj></MS></Obj>"#
                .bytes
        )
    }

    @Test("Type names have reference numbers of their own")
    func typeNamesAreReferredToInASpaceOfTheirOwn() throws {
        let list = PSValue.list([.list([]), .dictionary([])])
        let xml =
            #"<Obj RefId="0"><TN RefId="0"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST>"#
            + #"<Obj RefId="1"><TNRef RefId="0" /><LST /></Obj><Obj RefId="2"><TN RefId="1">"#
            + "<T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT /></Obj></LST></Obj>"
        #expect(encodeCLIXML(list) == xml.bytes)
        #expect(try decoded(xml) == list)
    }

    @Test("A reference to an object that is still open is its ancestor")
    func aRefToAnOpenObjectIsAnAncestor() throws {
        let xml =
            #"<Obj RefId="0"><MS><Obj N="child" RefId="1"><MS><Ref N="parent" RefId="0" /><Ref N="self" RefId="1" /></MS></Obj></MS></Obj>"#
        let value = try decoded(xml)
        #expect(value == bag(("child", bag(("parent", .ancestor(2)), ("self", .ancestor(1))))))
        #expect(encodeCLIXML(value) == xml.bytes)
    }

    @Test("What refers to objects around it is counted anew elsewhere")
    func whatRefersToObjectsAroundItIsCountedAnewElsewhere() throws {
        let value = try decoded(
            #"<Obj RefId="0"><MS><Obj N="child" RefId="1"><MS><Ref N="parent" RefId="0" /></MS></Obj>"#
                + #"<Obj N="other" RefId="2"><MS><Ref N="deeper" RefId="1" /></MS></Obj></MS></Obj>"#
        )
        #expect(
            value
                == bag(
                    ("child", bag(("parent", .ancestor(2)))),
                    ("other", bag(("deeper", bag(("parent", .ancestor(3))))))
                )
        )
        #expect(try decodeCLIXML(encodeCLIXML(value)) == value)
    }

    @Test("An object that has ended meanwhile stands there itself")
    func whatEndedMeanwhileStandsThereItself() throws {
        let value = try decoded(
            #"<Obj RefId="0"><LST><Obj RefId="1"><MS><Obj N="parent" RefId="2"><MS><Ref N="child" RefId="1" /></MS></Obj></MS></Obj>"#
                + #"<Ref RefId="2" /></LST></Obj>"#
        )
        let child = bag(("parent", bag(("child", .ancestor(2)))))
        #expect(value.elements == [child, bag(("child", child))])
    }

    @Test(
        "What is not there is named",
        arguments: [
            #"<Ref RefId="0" />"#, #"<Obj RefId="0"><TNRef RefId="0" /></Obj>"#,
            #"<Obj RefId="0"><TNRef /></Obj>"#,
        ]
    )
    func unknown(xml: String) {
        let error = #expect(throws: CLIXMLError.self) { try decoded(xml) }
        #expect(error?.code == .unknownReference)
    }

    /// A hostile far side must not end the program by what is sent back to it.
    @Test("An ancestor that is not there is written as nil")
    func anAncestorThatIsNotThereIsWrittenAsNil() {
        #expect(encodeCLIXML(.ancestor(1)) == "<Nil />".bytes)
        #expect(
            encodeCLIXML(bag(("a", .ancestor(0)), ("b", .ancestor(.max))))
                == #"<Obj RefId="0"><MS><Nil N="a" /><Nil N="b" /></MS></Obj>"#.bytes
        )
    }
}
