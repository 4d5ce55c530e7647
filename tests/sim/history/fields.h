// The fields of every type of a history by name, each told once for reading and writing: a visitor
// is called as visit("name", field). Private to this folder.
#pragma once

#include "tests/sim/history/history.h"

namespace rookery::sim::json {

template <typename Visit>
void Fields(Visit& visit, model::Stat& stat) {
  visit("czxid", stat.czxid);
  visit("mzxid", stat.mzxid);
  visit("ctime_ms", stat.ctime_ms);
  visit("mtime_ms", stat.mtime_ms);
  visit("version", stat.version);
  visit("cversion", stat.cversion);
  visit("aversion", stat.aversion);
  visit("ephemeral_owner", stat.ephemeral_owner);
  visit("data_length", stat.data_length);
  visit("num_children", stat.num_children);
  visit("pzxid", stat.pzxid);
}

template <typename Visit>
void Fields(Visit& visit, client::WatchEvent& event) {
  visit("type", event.kind);
  visit("path", event.path);
  visit("zxid", event.zxid);
}

template <typename Visit>
void Fields(Visit& visit, Call& call) {
  visit("client", call.client);
  visit("number", call.number);
  visit("watched", call.watched);
  visit("linearizable", call.linearizable);
  visit("invoked", call.invoked);
  visit("invoked_us", call.invoked_us);
  visit("returned", call.returned);
  visit("returned_us", call.returned_us);
  visit("session", call.session);
  visit("server", call.server);
  visit("error", call.error);
  visit("maybe_applied", call.maybe_applied);
  visit("zxid", call.zxid);
}

template <typename Visit>
void Fields(Visit& visit, Told& told) {
  visit("client", told.client);
  visit("call", told.call);
  visit("order", told.order);
  visit("at_us", told.at_us);
  visit("session", told.session);
  visit("event", told.event);
}

template <typename Visit>
void Fields(Visit& visit, SessionChange& change) {
  visit("client", change.client);
  visit("order", change.order);
  visit("at_us", change.at_us);
  visit("state", change.state);
  visit("session", change.session);
  visit("timeout_ms", change.timeout_ms);
  visit("server", change.server);
}

template <typename Visit>
void Fields(Visit& visit, Left& left) {
  visit("client", left.client);
  visit("order", left.order);
  visit("at_us", left.at_us);
  visit("session", left.session);
}

template <typename Visit>
void Fields(Visit& visit, ServerLife& life) {
  visit("server", life.server);
  visit("life", life.life);
  visit("order", life.order);
  visit("at_us", life.at_us);
  visit("up", life.up);
}

template <typename Visit>
void Fields(Visit& visit, Applied& applied) {
  visit("server", applied.server);
  visit("life", applied.life);
  visit("order", applied.order);
  visit("index", applied.index);
  visit("term", applied.term);
  visit("digest", applied.digest);
  visit("zxid", applied.zxid);
}

template <typename Visit>
void Fields(Visit& visit, Changed& changed) {
  visit("order", changed.order);
  visit("known", changed.known);
  visit("known_us", changed.known_us);
  visit("index", changed.index);
  visit("zxid", changed.zxid);
  visit("change", changed.kind);
  visit("path", changed.path);
  visit("session", changed.session);
}

template <typename Visit>
void Fields(Visit& visit, SessionTurn& turn) {
  visit("order", turn.order);
  visit("at_us", turn.at_us);
  visit("index", turn.index);
  visit("term", turn.term);
  visit("zxid", turn.zxid);
  visit("turn", turn.kind);
  visit("session", turn.session);
  visit("owner", turn.owner);
  visit("timeout_ms", turn.timeout_ms);
  visit("grace_ms", turn.grace_ms);
}

template <typename Visit>
void Fields(Visit& visit, Configured& configured) {
  visit("server", configured.server);
  visit("engine", configured.engine);
  visit("life", configured.life);
  visit("order", configured.order);
  visit("index", configured.index);
  visit("stands", configured.stands);
  visit("voters", configured.voters);
  visit("outgoing", configured.outgoing);
  visit("learners", configured.learners);
}

template <typename Visit>
void Fields(Visit& visit, Led& led) {
  visit("server", led.server);
  visit("engine", led.engine);
  visit("life", led.life);
  visit("order", led.order);
  visit("at_us", led.at_us);
  visit("term", led.term);
}

template <typename Visit>
void Fields(Visit& visit, Committed& committed) {
  visit("server", committed.server);
  visit("engine", committed.engine);
  visit("life", committed.life);
  visit("order", committed.order);
  visit("index", committed.index);
  visit("term", committed.term);
}

template <typename Visit>
void Fields(Visit& visit, LogStep& step) {
  visit("server", step.server);
  visit("engine", step.engine);
  visit("life", step.life);
  visit("order", step.order);
  visit("step", step.kind);
  visit("index", step.index);
  visit("term", step.term);
  visit("hash", step.hash);
}

template <typename Visit>
void Fields(Visit& visit, VoteStep& step) {
  visit("server", step.server);
  visit("engine", step.engine);
  visit("life", step.life);
  visit("order", step.order);
  visit("term", step.term);
  visit("vote", step.vote);
}

template <typename Visit>
void Fields(Visit& visit, FinalNode& node) {
  visit("data", node.data);
  visit("stat", node.stat);
}

template <typename Visit>
void Fields(Visit& visit, FinalState& state) {
  visit("server", state.server);
  visit("index", state.index);
  visit("zxid", state.zxid);
  visit("digest", state.digest);
  visit("nodes", state.nodes);
  visit("sessions", state.sessions);
}

template <typename Visit>
void Fields(Visit& visit, Followed& followed) {
  visit("server", followed.server);
  visit("paths", followed.paths);
  visit("armed", followed.armed);
  visit("through", followed.through);
  visit("events", followed.events);
}

// Each kind of line and the list that it stands in, but for calls.
template <typename Visit>
void Lists(Visit& visit, History& history) {
  visit("told", history.told);
  visit("session", history.sessions);
  visit("left", history.left);
  visit("scan", history.scans);
  visit("followed", history.followed);
  visit("life", history.lives);
  visit("applied", history.applied);
  visit("changed", history.changed);
  visit("session_turn", history.session_turns);
  visit("configured", history.configured);
  visit("led", history.led);
  visit("committed", history.committed);
  visit("log", history.log);
  visit("vote", history.votes);
  visit("final", history.final_states);
}

}  // namespace rookery::sim::json
