/// A start tag that was read.
struct Tag {
    /// nil for an element that CLIXML does not have.
    let element: Element?
    /// Where the name stands in the document.
    let name: Range<Int>
    /// Where its attributes stand in the document, with the blanks around them.
    let attributes: Range<Int>
    /// `<X />`
    let isEmpty: Bool
    /// The attribute `N`
    let property: Content?
    /// The attribute `RefId`
    let reference: Int?
}

/// The text of an element or an attribute, XML undone, CLIXML's own escapes not yet.
struct Content {
    /// UTF-8, except that a character reference to a surrogate may have left one behind.
    let bytes: ArraySlice<UInt8>
    /// Whether there may be anything to undo.
    let mayHoldEscapes: Bool

    static let empty = Content(bytes: [], mayHoldEscapes: false)
}
