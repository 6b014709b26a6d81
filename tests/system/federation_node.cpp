// One of the two servers of federation_kill.py: the real store on a private PostgreSQL, the real
// exchange, and a writer that puts numbered objects into the stream. It is made to be killed.
//
//   federation_node init DIR NAME                  identity and introduction (DIR/identity/record)
//   federation_node pin DIR INTRODUCTION           pins the partner in DIR/partners
//   federation_node run DIR COUNT LISTEN|-  DIAL|- writes until COUNT entries are in the stream;
//   says "done" when both
//                                                  streams are whole; ends on SIGTERM
//   federation_node dump DIR                       one line an entry: direction, epoch, sequence,
//   digest of its bytes
#include "coord/federation/exchange.hpp"
#include "coord/federation/identity_folder.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/embedded_postgres.hpp"
#include "coord/store/federation_store.hpp"
#include "coord/store/migrations.hpp"

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

using namespace cresset;
using namespace cresset::coord;
namespace fs = std::filesystem;

namespace {

template <typename T>
T must(federation::ceremony_result<T> outcome) {
  if (!outcome)
    throw std::runtime_error{outcome.error().sentence};
  return *std::move(outcome);
}

/// A database of the folder's own, and the store on it.
struct opened_store {
  store::embedded_postgres cluster;
  store::connection_pool pool;
  store::federation_store streams{pool};

  static store::embedded_postgres::options how(const fs::path& folder) {
    store::embedded_postgres::options made;
    made.folder = folder / "postgres";
    made.durable = false; // what is killed here is processes, not the machine
    made.shared_buffers_mib = 16;
    return made;
  }
  explicit opened_store(const fs::path& folder) : cluster{how(folder)}, pool{cluster.url(), 4} {
    if (const auto done = store::migrate(pool.url(), store::embedded_migrations()); !done)
      throw std::runtime_error{done.error().text};
  }
};

void write_one(federation::stream_writer& writer, const federation::own_identity& self,
               const std::string& partner, int number) {
  const auto id = "thing--" + std::to_string(number);
  const auto body = *signed_::write_canonical(
      signed_::json_value::object{{"id", id}, {"text", std::string(300, 'x')}});
  signed_::seal stated{"test:thing", id, "", {}, {}, signed_::onward_terms::ask, self.id()};
  const auto made = *signed_::seal_object(stated, body, self.key);
  stated.body = signed_::digest::of(body);
  const auto outcome = writer.append(partner, made, stated, {}, now());
  if (!outcome &&
      outcome.error() !=
          federation::stream_store_errc::equivocation) // sealed anew after a kill: it is there
    throw std::runtime_error{"append: " + std::string{to_string(outcome.error())}};
}

int run(const fs::path& folder, int count, const std::string& listen, const std::string& dial) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigprocmask(SIG_BLOCK, &end, nullptr);
  opened_store data{folder};
  const auto own = must(federation::load_identity(folder / "identity"));
  federation::peer_directory peers;
  const auto partner = must(federation::load_pins(folder / "partners")).at(0);
  peers.add(partner);
  federation::exchange::settings how;
  how.keys = own.transport;
  if (listen != "-")
    how.listen = listen;
  if (dial != "-")
    how.endpoints.emplace(partner.id(), dial);
  federation::exchange links{own.self, peers, data.streams, how};
  federation::stream_writer writer{own.self, data.streams};
  std::puts("running");
  std::fflush(stdout);
  bool has_told = false;
  const timespec pause{0, 5'000'000};
  for (int next = 0; sigtimedwait(&end, nullptr, &pause) < 0;) {
    const auto sent = data.streams.outgoing(partner.id());
    if (sent && static_cast<int>(sent->head.sequence) < count) {
      write_one(writer, own.self, partner.id(), next++);
      links.appended();
      continue;
    }
    const auto received = data.streams.incoming(partner.id());
    if (!has_told && sent && received && sent->acknowledged == sent->head &&
        static_cast<int>(received->head.sequence) == count) {
      has_told = true;
      std::puts("done");
      std::fflush(stdout);
    }
  }
  return 0;
}

int dump(const fs::path& folder) {
  opened_store data{folder};
  const auto partner = must(federation::load_pins(folder / "partners")).at(0).id();
  const auto print = [](const char* direction, const std::string& epoch,
                        const federation::stream_entry& entry) {
    const auto bytes = entry.envelope + entry.content.seal_bytes + entry.content.body;
    std::printf("%s %s %llu %s\n", direction, epoch.c_str(),
                static_cast<unsigned long long>(entry.sequence),
                signed_::digest::of(bytes).hex().c_str());
  };
  const auto sent = *data.streams.outgoing(partner);
  for (const auto& epoch : sent.epochs) {
    const auto entries = *data.streams.read_outgoing(partner, {epoch.epoch, 0, {}}, 1'000'000);
    for (const auto& entry : entries)
      print("out", epoch.epoch, entry);
  }
  const auto received = *data.streams.incoming(partner);
  for (const auto& epoch : received.epochs)
    for (std::uint64_t sequence = 1;; ++sequence) {
      const auto entry = *data.streams.incoming_entry(partner, epoch.epoch, sequence);
      if (!entry)
        break;
      print("in", epoch.epoch, *entry);
    }
  return 0;
}

} // namespace

int main(int count, char** words) {
  try {
    const std::vector<std::string> given{words + 1, words + count};
    if (given.size() == 3 && given[0] == "init")
      return must(federation::make_identity(fs::path{given[1]} / "identity", given[2], {}))
          .bytes.empty();
    if (given.size() == 3 && given[0] == "pin") {
      const auto record = must(federation::read_introduction(given[2]));
      const auto pinned = federation::pin(fs::path{given[1]} / "partners", record,
                                          record.record.identity.fingerprint());
      if (!pinned)
        throw std::runtime_error{pinned.error().sentence};
      return 0;
    }
    if (given.size() == 5 && given[0] == "run")
      return run(given[1], std::stoi(given[2]), given[3], given[4]);
    if (given.size() == 2 && given[0] == "dump")
      return dump(given[1]);
    std::fputs("usage: federation_node init|pin|run|dump …\n", stderr);
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "federation_node: %s\n", error.what());
    return 1;
  }
}
