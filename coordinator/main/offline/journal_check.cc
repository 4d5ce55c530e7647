// journal := block*             of 32 KiB, the last one shorter
// block   := record* filler     filler: zeros, fewer than a header
// record  := checksum:4 length:2 kind:1 bytes      numbers least byte first
//   checksum = CRC-32C of kind and bytes, rotated right by 15 and increased by 0xa282ead8
//   kind: 1 whole, 2 first, 3 middle, 4 last part; others belong to features that are not used
#include "coordinator/main/offline/journal_check.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace rookery::offline {
namespace {

constexpr size_t kBlockBytes = 32 << 10;
constexpr size_t kHeaderBytes = 7;
constexpr uint32_t kPolynomial = 0x82f63b78;  // reversed

constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? kPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = MakeTable();

uint32_t ByteAt(absl::string_view bytes, size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

uint32_t Masked(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

uint32_t WithByte(uint32_t crc, char byte) {
  return crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
}

// Whether `body`, a kind and all bytes up to the file's end, or what it begins with, is a whole
// record by its checksum. A write that was cut off is none, but for one in 2^32 for each byte of
// it.
bool BeginsWithWholeRecord(absl::string_view body, uint32_t checksum) {
  uint32_t crc = ~0u;
  for (const char byte : body) {
    crc = WithByte(crc, byte);
    if (Masked(~crc) == checksum) return true;
  }
  return false;
}

}  // namespace

uint32_t Crc32c(absl::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) crc = WithByte(crc, byte);
  return ~crc;
}

absl::Status CheckJournal(absl::string_view bytes, bool may_end_early) {
  const auto damaged = [](absl::string_view what, size_t at) {
    return absl::DataLossError(absl::StrCat(what, " at byte ", at));
  };
  bool within = false;  // a record of several parts
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t block_end = (at / kBlockBytes + 1) * kBlockBytes;
    if (block_end - at < kHeaderBytes) {
      for (; at < bytes.size() && at < block_end; ++at) {
        if (bytes[at] != '\0') return damaged("expected zeros at the end of a block", at);
      }
      continue;
    }
    if (bytes.size() - at < kHeaderBytes) {
      return may_end_early ? absl::OkStatus() : damaged("the file ends within a record", at);
    }
    const uint32_t checksum = ByteAt(bytes, at) | ByteAt(bytes, at + 1) << 8 |
                              ByteAt(bytes, at + 2) << 16 | ByteAt(bytes, at + 3) << 24;
    const size_t length = ByteAt(bytes, at + 4) | ByteAt(bytes, at + 5) << 8;
    const uint32_t kind = ByteAt(bytes, at + 6);
    const size_t end = at + kHeaderBytes + length;
    if (end > block_end) return damaged("the length of a record is wrong", at);
    if (end > bytes.size()) {
      // The checksum does not cover the length, so it still tells a whole record with a damaged
      // one.
      if (BeginsWithWholeRecord(bytes.substr(at + 6), checksum)) {
        return damaged("the length of a record is wrong", at);
      }
      return may_end_early ? absl::OkStatus() : damaged("the file ends within a record", at);
    }
    if (checksum != Masked(Crc32c(bytes.substr(at + 6, 1 + length)))) {
      return damaged("the checksum of a record is wrong", at);
    }
    const bool begins = kind == 1 || kind == 2;
    if (kind < 1 || kind > 4 || begins == within) return damaged("an unexpected record", at);
    within = kind == 2 || kind == 3;
    at = end;
  }
  return within && !may_end_early ? damaged("the file ends within a record", at) : absl::OkStatus();
}

}  // namespace rookery::offline
