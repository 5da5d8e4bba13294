/// The keys, as the player itself and `psrun replay --help` tell them.
package enum HelpPage {
    package static let keys: [(keys: String, meaning: String)] = [
        ("space", "pause or go on; at the end, play again"),
        (".  ,", "one event forward, one back"),
        ("]  [", "next step, previous step; also down and up, page down and page up"),
        ("right  left", "5 seconds forward, 5 back; > and < a minute"),
        (":", "go to a step (12) or to a time (1m20s, 1:20); a digit begins it, too"),
        ("g  G", "go to the beginning, to the end; also home and end"),
        ("/  n  N", "search a pattern; next hit, previous hit"),
        ("+  -  =", "twice as fast, half as fast, original speed"),
        ("tab  shift-tab", "next target, previous target; also } and {"),
        ("?", "this page"),
        ("q", "quit; also Ctrl-C"),
    ]

    static func screen(columns: Int, rows: Int) -> Screen {
        let width = keys.reduce(0) { max($0, $1.keys.count) }
        let lines = keys.map { key in
            "  " + key.keys + String(repeating: " ", count: width - key.keys.count + 2) + key.meaning
        }
        let shown = (["", "  psrun replay", ""] + lines).prefix(rows).map { Array($0.utf8.prefix(columns)) }
        return Screen(rows: shown, cursorRow: 0, cursorColumn: 0)
    }
}
