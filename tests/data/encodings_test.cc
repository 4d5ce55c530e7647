// The bytes of log entries, peers' frames, stored rows and small files: what a build of each format
// wrote is what this one writes and reads, and a newer number is refused by name.
//
// ROOKERY_REWRITE=1 writes encodings-1.txt anew. Only for values that are new in it: a line that
// changes is a change of the format, which needs a number of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/varint.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/consensus/peer/origin.h"
#include "coordinator/consensus/peer/peer_frame.h"
#include "coordinator/machine/state.h"
#include "coordinator/main/offline/backup.h"
#include "coordinator/store/state_names.h"
#include "coordinator/wire/log_entry.h"
#include "tests/fuzz/memory_files.h"
#include "tests/fuzz/seeds/seeds.h"
#include "tests/support/temporary_directory.h"

namespace rookery {
namespace {

using ::testing::HasSubstr;
using Encodings = std::map<std::string, std::string>;  // "target/name" -> bytes

Encodings& Written() {
  static Encodings written;
  return written;
}

std::string PathOfEncodings() { return absl::StrCat(ROOKERY_TEST_DATA, "/encodings-1.txt"); }

Encodings Now() {
  Written().clear();
  fuzz::SeedWriter out("");
  fuzz::WritePeerSeeds(&out);
  fuzz::WriteStateSeeds(&out);
  return Written();
}

Encodings Golden() {
  Encodings golden;
  std::ifstream in(PathOfEncodings());
  std::string name, hex;
  while (in >> name >> hex) golden[name] = hex == "-" ? "" : absl::HexStringToBytes(hex);
  return golden;
}

TEST(EncodingsTest, AreThoseOfFormatOne) {
  const Encodings now = Now();
  if (std::getenv("ROOKERY_REWRITE") != nullptr) {
    std::ofstream out(PathOfEncodings());
    for (const auto& [name, bytes] : now) {
      out << name << " " << (bytes.empty() ? "-" : absl::BytesToHexString(bytes)) << "\n";
    }
  }
  const Encodings golden = Golden();
  ASSERT_GT(golden.size(), 40u) << PathOfEncodings();
  for (const auto& [name, bytes] : golden) {
    const auto at = now.find(name);
    ASSERT_NE(at, now.end()) << name << " is written no more: keep its sample";
    EXPECT_EQ(absl::BytesToHexString(at->second), absl::BytesToHexString(bytes)) << name;
  }
}

TEST(EncodingsTest, OldLogEntriesAreReadAndWrittenAlike) {
  int entries = 0;
  for (const auto& [name, bytes] : Golden()) {
    if (!absl::StartsWith(name, "log_entry/") || absl::StrContains(name, "request_")) continue;
    ++entries;
    const auto entry = wire::DecodeLogEntry(bytes);
    ASSERT_TRUE(entry.ok()) << name << ": " << entry.status();
    EXPECT_EQ(wire::EncodeLogEntry(*entry), bytes) << name;
  }
  EXPECT_EQ(entries, 6);
}

TEST(EncodingsTest, OldPeerFramesAreReadAndWrittenAlike) {
  int frames = 0;
  for (const auto& [name, bytes] : Golden()) {
    if (!absl::StartsWith(name, "peer_frames/") || absl::StrContains(name, "checkpoint_") ||
        absl::EndsWith(name, "stream")) {
      continue;
    }
    ++frames;
    const absl::string_view payload = absl::string_view(bytes).substr(1);
    auto frame = consensus::DecodePeerFrame(payload);
    ASSERT_TRUE(frame.ok()) << name << ": " << frame.status();
    EXPECT_EQ(consensus::EncodePeerFrame(*std::move(frame)).substr(consensus::kFrameHeaderBytes),
              payload)
        << name;
  }
  EXPECT_EQ(frames, 7);
}

// --- A newer number is refused by name.

TEST(NewerFormatTest, OfAnEntryIsUnimplemented) {
  std::string bytes = Golden()["log_entry/grant"];
  ++bytes[0];
  const absl::Status status = wire::DecodeLogEntry(bytes).status();
  EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("2"));
}

TEST(NewerFormatTest, OfTheIdentityAndOfARestoreIsRefused) {
  fuzz::MemoryFiles files;
  ASSERT_TRUE(consensus::StoreIdentity(&files, {.disk_id = 5}).ok());
  ++files.files[consensus::kIdentityFile][4];
  const absl::Status identity = consensus::LoadOrCreateIdentity(&files, 6).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(identity));
  EXPECT_THAT(std::string(identity.message()), HasSubstr("format 2"));

  ASSERT_TRUE(consensus::StoreOrigin(&files, {.state_directory = "state-1"}).ok());
  ++files.files[consensus::kOriginFile][4];
  const absl::Status origin = consensus::LoadOrigin(&files).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(origin));
  EXPECT_THAT(std::string(origin.message()), HasSubstr("format 2"));
}

TEST(NewerFormatTest, OfTheStateIsRefused) {
  const absl::Status format = store::CheckFormat("/data/state-1", "rookery-state 2\n");
  EXPECT_TRUE(absl::IsFailedPrecondition(format));
  EXPECT_THAT(std::string(format.message()), HasSubstr("state format 2"));
  machine::State state;
  state.level = machine::kLevelKnown + 1;
  const absl::Status level = machine::DecodeState(machine::EncodeState(state)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(level));
  EXPECT_THAT(std::string(level.message()), HasSubstr("level 2"));
}

TEST(NewerFormatTest, OfABackupIsRefused) {
  const std::string text = absl::StrReplaceAll(offline::EncodeBackup({.version = "1"}),
                                               {{"rookery-backup 1", "rookery-backup 2"}});
  const absl::Status status = offline::DecodeBackup(text).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("format 2"));
}

TEST(NewerFormatTest, OfTheLogIsRefused) {
  testing::TemporaryDirectory directory;
  const std::string path = directory.path() / "log";
  ASSERT_TRUE(consensus::OpenRocksLogStore({.directory = path}).ok());
  {
    const rocksdb::Options options;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path, {{"default", options}, {"records", options}},
                                  &handles, &db)
                    .ok());
    std::string format;
    PutVarint(2, &format);
    EXPECT_TRUE(db->Put(rocksdb::WriteOptions(), "f", format).ok());
    for (rocksdb::ColumnFamilyHandle* each : handles) {
      EXPECT_TRUE(db->DestroyColumnFamilyHandle(each).ok());
    }
    delete db;
  }
  const absl::Status status = consensus::OpenRocksLogStore({.directory = path}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("format 2"));
}

}  // namespace

namespace fuzz {

// Here samples are kept, not written.
void SeedWriter::Write(absl::string_view target, absl::string_view name, absl::string_view bytes) {
  Written()[absl::StrCat(target, "/", name)] = std::string(bytes);
}

}  // namespace fuzz
}  // namespace rookery
