## Page

page-title = My to-dos
page-done = Done

