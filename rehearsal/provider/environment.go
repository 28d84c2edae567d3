package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// rehearsalDir checks the folder that holds schemas, world, faults and events.
func rehearsalDir(value string) (string, error) {
	if value == "" {
		return "", fmt.Errorf("\"REHEARSAL_DIR\" is not set: this program is a part of a rehearsal; set it to the absolute path of the rehearsal's folder")
	}
	if !filepath.IsAbs(value) {
		return "", fmt.Errorf("\"REHEARSAL_DIR\" (%q) must be an absolute path", value)
	}
	if info, err := os.Stat(value); err != nil || !info.IsDir() {
		return "", fmt.Errorf("\"REHEARSAL_DIR\" (%q) is not a folder", value)
	}
	return value, nil
}

// applyDelay is the time that every apply takes in addition, for tests that interrupt one.
func applyDelay(value string) (time.Duration, error) {
	if value == "" {
		return 0, nil
	}
	milliseconds, err := strconv.Atoi(value)
	if err != nil || milliseconds < 0 {
		return 0, fmt.Errorf("\"REHEARSAL_DELAY_MS\" (%q) must be a number of milliseconds, 0 or more", value)
	}
	return time.Duration(milliseconds) * time.Millisecond, nil
}
