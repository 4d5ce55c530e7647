#include "coordinator/main/offline/backup.h"

#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/main/offline/verify.h"
#include "coordinator/model/ids.h"

namespace rookery::offline {
namespace {

constexpr char kTitle[] = "rookery-backup";
constexpr size_t kPieceBytes = 1 << 20;

uint64_t HashOf(absl::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

absl::Status Damaged(absl::string_view how) {
  return absl::DataLossError(
      absl::StrCat(kBackupFile, " is damaged (", how, "): use another backup"));
}

// The words of one line behind its name.
using Words = std::vector<std::string>;

bool Hex(const std::string& word, uint64_t* number) { return absl::SimpleHexAtoi(word, number); }

bool ReadLine(const std::string& name, const Words& words, Backup* backup) {
  uint64_t number = 0;
  if (name == "version" && words.size() == 1) {
    backup->version = words[0];
    return true;
  }
  if (name == "cluster" && words.size() == 1) return Hex(words[0], &backup->cluster_id);
  if (name == "server" && words.size() == 1) return absl::SimpleAtoi(words[0], &backup->server);
  if (name == "entry" && words.size() == 2) {
    return absl::SimpleAtoi(words[0], &backup->index) && absl::SimpleAtoi(words[1], &backup->term);
  }
  if (name == "zxid" && words.size() == 1) {
    const bool read = Hex(words[0], &number);
    backup->zxid = static_cast<int64_t>(number);
    return read;
  }
  if (name == "nodes" && words.size() == 1) return absl::SimpleAtoi(words[0], &backup->nodes);
  if (name == "sessions" && words.size() == 1) return absl::SimpleAtoi(words[0], &backup->sessions);
  if (name == "digest" && words.size() == 1) return Hex(words[0], &backup->digest);
  if (name == "taken" && words.size() == 1) return absl::SimpleAtoi(words[0], &backup->time_ms);
  if (name == "file" && words.size() == 3) {
    Backup::File file{.name = words[0]};
    const bool read = consensus::IsPlainName(file.name) && absl::SimpleAtoi(words[1], &file.size) &&
                      Hex(words[2], &file.checksum);
    backup->files.push_back(std::move(file));
    return read;
  }
  return false;
}

}  // namespace

std::string EncodeBackup(const Backup& backup) {
  std::string text = absl::StrFormat(
      "%s %d\nversion %s\ncluster %016x\nserver %d\nentry %d %d\nzxid %s\nnodes %d\nsessions %d\n"
      "digest %016x\ntaken %d\n",
      kTitle, kBackupFormat, backup.version, backup.cluster_id, backup.server, backup.index,
      backup.term, model::ToHex(backup.zxid), backup.nodes, backup.sessions, backup.digest,
      backup.time_ms);
  for (const Backup::File& file : backup.files) {
    absl::StrAppendFormat(&text, "file %s %d %016x\n", file.name, file.size, file.checksum);
  }
  absl::StrAppendFormat(&text, "checksum %016x\n", HashOf(text));
  return text;
}

absl::StatusOr<Backup> DecodeBackup(const std::string& text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  const Words title = absl::StrSplit(lines[0], ' ');
  int format = 0;
  if (title.size() != 2 || title[0] != kTitle || !absl::SimpleAtoi(title[1], &format)) {
    return Damaged("its first line is not ours");
  }
  if (format != kBackupFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the backup has format ", format,
                                                      ", this program knows format ", kBackupFormat,
                                                      ": use the newer version that wrote it"));
  }
  const size_t end = text.rfind("checksum ");
  uint64_t checksum = 0;
  if (end == std::string::npos || !absl::EndsWith(text, "\n") ||
      !Hex(text.substr(end + 9, text.size() - end - 10), &checksum) ||
      checksum != HashOf(absl::string_view(text).substr(0, end))) {
    return Damaged("its checksum is wrong");
  }
  Backup backup;
  for (size_t i = 1; i + 2 < lines.size(); ++i) {
    Words words = absl::StrSplit(lines[i], ' ');
    const std::string name = words[0];
    words.erase(words.begin());
    if (!ReadLine(name, words, &backup)) return Damaged(absl::StrCat("line ", i + 1));
  }
  return backup;
}

absl::StatusOr<Backup> ReadBackup(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kBackupFile);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(directory, " holds no backup: expected a file ",
                                            kBackupFile,
                                            " in it, which `rookery backup` writes last"));
  }
  std::ostringstream text;
  text << file.rdbuf();
  absl::StatusOr<Backup> backup = DecodeBackup(text.str());
  if (backup.ok()) return backup;
  return absl::Status(backup.status().code(), absl::StrCat(path, ": ", backup.status().message()));
}

absl::StatusOr<Backup::File> ChecksumOf(const std::string& directory, const std::string& name) {
  const std::string path = absl::StrCat(directory, "/", name);
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(path, " is missing, or cannot be read"));
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  XXH3_64bits_reset(state.get());
  Backup::File file{.name = name};
  std::string piece(kPieceBytes, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<size_t>(in.gcount());
    XXH3_64bits_update(state.get(), piece.data(), got);
    file.size += got;
  }
  if (in.bad()) return absl::UnavailableError(absl::StrCat(path, " cannot be read"));
  file.checksum = XXH3_64bits_digest(state.get());
  return file;
}

absl::Status VerifyBackup(const std::string& directory, const Backup& backup) {
  const std::string state = absl::StrCat(directory, "/", kBackupState);
  for (const Backup::File& file : backup.files) {
    ROOKERY_ASSIGN_OR_RETURN(const Backup::File found, ChecksumOf(state, file.name));
    if (found == file) continue;
    return absl::DataLossError(absl::StrFormat(
        "%s/%s is damaged: expected %d bytes with checksum %016x, found %d with %016x; use another "
        "backup",
        state, file.name, file.size, file.checksum, found.size, found.checksum));
  }
  Findings findings;
  const StateFacts facts = VerifyState(state, &findings);
  if (!findings.texts().empty()) return absl::DataLossError(findings.texts()[0]);
  if (facts.digest == backup.digest && facts.zxid == backup.zxid &&
      facts.applied_index == backup.index && facts.nodes == backup.nodes) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrFormat(
      "%s is not what the server said of it: expected entry %d, %d nodes and digest %016x, found "
      "entry %d, %d nodes and digest %016x",
      state, backup.index, backup.nodes, backup.digest, facts.applied_index, facts.nodes,
      facts.digest));
}

}  // namespace rookery::offline
