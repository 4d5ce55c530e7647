// What ZooKeeper calls operations in `cons` ("lop=GETD"; zookeeper-protocol 6.1).
#pragma once

#include <cstdint>

namespace rookery::frontend {

inline const char* OperationName(int32_t opcode) {
  switch (opcode) {
    case 1:
    case 15:
    case 19:
    case 21:
      return "CREA";
    case 2:
      return "DELE";
    case 3:
      return "EXIS";
    case 4:
      return "GETD";
    case 5:
      return "SETD";
    case 6:
      return "GETA";
    case 7:
      return "SETA";
    case 8:
    case 12:
      return "GETC";
    case 9:
      return "SYNC";
    case 11:
      return "PING";
    case 13:
      return "CHEC";
    case 14:
      return "MULT";
    case 16:
      return "RECO";
    case 17:
      return "CHKW";
    case 18:
      return "REMW";
    case 22:
      return "MLTR";
    case 101:
      return "SETW";
    case 103:
      return "GETE";
    case 104:
      return "GETACN";
    case 105:
      return "STW2";
    case 106:
      return "ADDW";
    case 107:
      return "HOMI";
    case -11:
      return "CLOS";
    default:
      return "NA";
  }
}

}  // namespace rookery::frontend
