// Rows: "t" server:fixed64 -> incarnation:varint nonce:fixed64 last_ticket:varint
#include "coordinator/machine/ticket_table.h"

#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"

namespace rookery::machine {

uint64_t TicketTable::Grant(model::ServerId server, uint64_t nonce) {
  Row& row = rows_[server];
  if (row.incarnation == 0 || row.nonce != nonce) {
    row = {.incarnation = row.incarnation + 1, .nonce = nonce};
  }
  return row.incarnation;
}

bool TicketTable::Take(model::ServerId server, uint64_t incarnation, uint64_t ticket) {
  const auto at = rows_.find(server);
  if (at == rows_.end() || at->second.incarnation != incarnation) return false;
  if (ticket != at->second.last_ticket + 1) return false;
  at->second.last_ticket = ticket;
  return true;
}

void TicketTable::Untake(model::ServerId server) { --rows_.at(server).last_ticket; }

TicketTable::Row TicketTable::Find(model::ServerId server) const {
  const auto at = rows_.find(server);
  return at == rows_.end() ? Row() : at->second;
}

absl::Status TicketTable::Recover(const store::NodeStore& store) {
  rows_.clear();
  bool good = true;
  ROOKERY_RETURN_IF_ERROR(store.ScanRows("t", [&](absl::string_view key, absl::string_view value) {
    VarintReader server(key.substr(1));
    VarintReader in(value);
    Row row;
    const model::ServerId id = server.Fixed64();
    row.incarnation = in.Varint();
    row.nonce = in.Fixed64();
    row.last_ticket = in.Varint();
    good = good && server.AtEnd() && in.AtEnd();
    rows_[id] = row;
  }));
  return good ? absl::OkStatus()
              : absl::DataLossError("expected a row of tickets, found other bytes");
}

void TicketTable::Save(store::NodeStore* store) const {
  for (const auto& [server, row] : rows_) {
    std::string key = "t";
    PutFixed64(server, &key);
    std::string value;
    PutVarint(row.incarnation, &value);
    PutFixed64(row.nonce, &value);
    PutVarint(row.last_ticket, &value);
    store->PutRow(key, std::move(value));
  }
}

}  // namespace rookery::machine
