/// The elements of CLIXML (MS-PSRP 2.2.5).
///
/// The raw value is the ASCII of the name, first letter highest: a name that was read is compared as one number.
enum Element: UInt64 {
    case string = 0x53  // S
    case char = 0x43  // C
    case bool = 0x42  // B
    case dateTime = 0x44_54  // DT
    case timeSpan = 0x54_53  // TS
    case uint8 = 0x42_79  // By
    case int8 = 0x53_42  // SB
    case uint16 = 0x55_31_36  // U16
    case int16 = 0x49_31_36  // I16
    case uint32 = 0x55_33_32  // U32
    case int32 = 0x49_33_32  // I32
    case uint64 = 0x55_36_34  // U64
    case int64 = 0x49_36_34  // I64
    case single = 0x53_67  // Sg
    case double = 0x44_62  // Db
    case decimal = 0x44  // D
    case bytes = 0x42_41  // BA
    case guid = 0x47  // G
    case uri = 0x55_52_49  // URI
    case null = 0x4E_69_6C  // Nil
    case version = 0x56_65_72_73_69_6F_6E  // Version
    case xmlDocument = 0x58_44  // XD
    case scriptBlock = 0x53_42_4B  // SBK
    case secureString = 0x53_53  // SS
    case progress = 0x50_52  // PR

    case object = 0x4F_62_6A  // Obj
    case reference = 0x52_65_66  // Ref
    case typeNames = 0x54_4E  // TN
    case typeNamesReference = 0x54_4E_52_65_66  // TNRef
    case typeName = 0x54  // T
    case toString = 0x54_6F_53_74_72_69_6E_67  // ToString
    case adapted = 0x50_72_6F_70_73  // Props
    case extended = 0x4D_53  // MS
    case dictionary = 0x44_43_54  // DCT
    case entry = 0x45_6E  // En
    case list = 0x4C_53_54  // LST
    case queue = 0x51_55_45  // QUE
    case stack = 0x53_54_4B  // STK
    case enumerable = 0x49_45  // IE

    var text: String {
        var name: [UInt8] = []
        appendName(to: &name)
        return String(decoding: name, as: UTF8.self)
    }

    func appendName(to output: inout [UInt8]) {
        var shift = 56 - rawValue.leadingZeroBitCount / 8 * 8
        while shift >= 0 {
            output.append(UInt8(truncatingIfNeeded: rawValue >> UInt64(shift)))
            shift -= 8
        }
    }
}
