// A disk that fails, put before the C library of a whole program (LD_PRELOAD): what the program does to the files of one
// folder is counted, and the operation of a given number fails. Set up by the environment:
//
//   FAULTY_FOLDER   the folder, an absolute path
//   FAULTY_LOG      where a line is appended for each operation: its number, `ok` or `failed`, its name, the path
//   FAULTY_NTH      the number of the operation that fails, from 0; none where it is missing
//   FAULTY_ERRNO    the error number it fails with
//   FAULTY_LASTING  where set, all that follow fail too
//   FAULTY_SILENT   where set, what would fail never returns, as on a disk that does not answer
//   FAULTY_SHORT    where set, a write that fails has first written half of its bytes, as on a disk that fills up
//
// Programs that the program starts have none of it.
#pragma once
