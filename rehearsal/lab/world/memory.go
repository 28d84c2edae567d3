package world

import (
	"maps"
	"os"
	"sync"
	"syscall"
	"time"
)

// memory keeps what was read as long as the file is the same: everybody asks the world all the time, and it seldom
// changes. A file changes by being replaced, so it is known by its inode, time and size.
type memory struct {
	mutex sync.Mutex
	known map[string]remembered
}

type remembered struct {
	inode    uint64
	size     int64
	modified time.Time
	object   *Object
}

// read gives the object of a file; its top level is the caller's own.
func (m *memory) read(path string) (*Object, error) {
	info, err := os.Stat(path)
	if err != nil {
		m.forget(path)
		return nil, err
	}
	now := remembered{inode: inode(info), size: info.Size(), modified: info.ModTime()}
	m.mutex.Lock()
	before, known := m.known[path]
	m.mutex.Unlock()
	if known && before.inode == now.inode && before.size == now.size && before.modified.Equal(now.modified) {
		return before.object.copied(), nil
	}
	if now.object, err = read(path); err != nil {
		return nil, err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.known == nil {
		m.known = map[string]remembered{}
	}
	m.known[path] = now
	return now.object.copied(), nil
}

func (m *memory) forget(path string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.known, path)
}

func inode(info os.FileInfo) uint64 {
	if stat, is := info.Sys().(*syscall.Stat_t); is {
		return stat.Ino
	}
	return 0
}

// copied lets an owner set members of attributes, secrets and what is live; what lies deeper is shared and never changed.
func (o *Object) copied() *Object {
	out := *o
	out.Attrs, out.Secrets, out.Live = maps.Clone(o.Attrs), maps.Clone(o.Secrets), maps.Clone(o.Live)
	return &out
}
